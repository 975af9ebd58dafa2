"""What waits for a person, over all apps: the queries of «Việc hôm nay».

Each provider asks one or two questions of the database, whatever the number of rows, and only of
people whose role it concerns. A new app adds a module of providers here; tasks of one urgency stand
in the order of the imports.
"""

from nghitruong.config.today import hall, preparation, papers, installation, submissions  # isort: skip
from nghitruong.config.today.person import coming_for, role_words
from nghitruong.config.today.tasks import Task, Urgency, tasks_for

__all__ = [
    "Task",
    "Urgency",
    "coming_for",
    "hall",
    "installation",
    "papers",
    "preparation",
    "role_words",
    "submissions",
    "tasks_for",
]
