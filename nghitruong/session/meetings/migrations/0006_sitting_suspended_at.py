from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0005_session_address")]
    operations = [
        migrations.AddField(
            model_name="sitting",
            name="suspended_at",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="tạm nghỉ gần nhất lúc"
            ),
        ),
    ]
