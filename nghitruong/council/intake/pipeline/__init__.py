"""A file in, a report, page texts and derivatives out: pure functions, no models.

from nghitruong.council.intake.pipeline.run import process
report = process(Path("to-trinh.docx"), Path("/tmp/out"))
report.verdict, report.reason, report.pages, report.text_from, report.texts, report.signatures
"""
