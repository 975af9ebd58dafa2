from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('floor', '0003_discussed_items_stay'),
    ]

    operations = [
        migrations.AlterField(
            model_name='speakerrequest',
            name='state',
            field=models.CharField(choices=[('waiting', 'đang chờ'), ('called', 'đã mời'), ('done', 'đã phát biểu'), ('withdrawn', 'đã rút'), ('dropped', 'chủ tọa bỏ lượt'), ('lapsed', 'chưa đến lượt')], default='waiting', max_length=10, verbose_name='trạng thái'),
        ),
    ]
