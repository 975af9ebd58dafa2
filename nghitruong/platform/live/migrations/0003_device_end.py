from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('live', '0002_ticket_end'),
    ]

    operations = [
        migrations.CreateModel(
            name='DeviceEnd',
            fields=[
                ('device', models.CharField(max_length=16, primary_key=True, serialize=False, verbose_name='máy')),
                ('at', models.DateTimeField(db_index=True, verbose_name='lúc')),
            ],
            options={
                'verbose_name': 'máy đã đăng xuất',
                'verbose_name_plural': 'máy đã đăng xuất',
            },
        ),
    ]
