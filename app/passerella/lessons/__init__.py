"""The course: lessons as data, what they let run, the answers that come out of it."""
