"""A leg of a path while a class is led through it: its pages, and what the class voted. Nothing is written as progress."""

from passerella.lessons.course import Course
from passerella.lessons.paths import Leg, pages
from passerella.lessons.progress import Progress
from passerella.lessons.staging import Stage
from passerella.lessons.taking import Stop, Taking
from passerella.lessons.voting import Vote


class Leading(Taking):
    """The answers are the class's: whoever teaches keeps their own progress as it was."""

    def __init__(self, course: Course, leg: Leg, stage: Stage) -> None:
        found = pages(course, leg)
        super().__init__(course, course.lesson(leg.lesson), stage, Progress())
        self.stops = [Stop(lesson, page, "lezione") for lesson, page in found]
        self.index = 0
        self.votes: dict[int, Vote] = {}

    @property
    def vote(self) -> Vote:
        """What was counted of the question in sight."""
        return self.votes.get(self.index, Vote())

    def _save(self, *, to_disk: bool = True) -> None:
        """Nothing."""
