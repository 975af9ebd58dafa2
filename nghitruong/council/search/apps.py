from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "nghitruong.council.search"
    label = "search"
    verbose_name = "Tìm kiếm"

    def ready(self) -> None:
        """Papers and the library are found; sessions and speeches register themselves."""
        from nghitruong.council.search import indexing, library, papers
        from nghitruong.platform.jobs import api as jobs

        papers.install()
        library.install()
        # Never given up: what is not indexed nobody finds, and nothing says so; and until both
        # are done, the old files keep the words of an expunged paper.
        jobs.register(indexing.INDEX, indexing.index_row, tries=None)
        jobs.register(indexing.REBUILD, indexing.rebuild, lane=jobs.Lane.HEAVY, tries=None)
        jobs.register_sweeper(indexing.REBUILD, indexing.missing)
