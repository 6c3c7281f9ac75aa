"""Is the course true? What it names is there, and what it asks has the answer that running it gives."""

from passerella.lessons.checking.finding import Finding
from passerella.lessons.checking.run_questions import check_questions
from passerella.lessons.checking.written import check_written

__all__ = ["Finding", "check_questions", "check_written"]
