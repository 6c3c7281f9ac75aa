"""«controlla» tells each kind of fault, on a course of one lesson; and finds nothing in one that is right."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from lessons.writing import PAGES, QUESTION, TRACE, write_lesson
from passerella.lessons.checking import Finding, check_questions, check_written
from passerella.lessons.course import Course
from passerella.lessons.outcome import Outcome
from passerella.lessons.recorded import Keeper, own_folder

CourseOf = Callable[..., Course]
ORDER = """
```ordina
id = "fila"
domanda = "In che ordine?"
voci = [
  { testo = "la vista", passo = "primo(passi('view'))" },
  { testo = "i byte", passo = "primo(passi('recv'))" },
]
```
"""


def written(course: Course) -> list[str]:
    return [f"{each.id}: {each.message}" for each in check_written(course, list(course))]


def with_page(text: str) -> dict[str, str]:
    return {**PAGES, "altra": f"# Altra\n{text}"}


def test_nothing_is_wrong_in_a_right_lesson(course_of: CourseOf) -> None:
    assert written(course_of(heading='fraintendimenti = ["M01"]')) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TRACE.replace('"due"', '"x"').replace('app = "app:app"\n', ""), "una cosa sola fra scenario, app e programma"),
        (TRACE.replace('"due"', '"x"').replace("wsgiref", "boh"), "«boh» non è un server"),
        (TRACE.replace('"due"', '"x"').replace("wsgiref", "wsgiref quattro"), "si scrivono «worker=2»"),
        (TRACE.replace('"due"', '"x"').replace("richieste", 'guarda = "boh"\nrichieste'), "«boh» non è una stazione"),
        (TRACE.replace('"due"', '"x"').replace("richieste", 'servizio = "boh.py"\nrichieste'), "«boh.py» non c'è"),
        ('```traccia\nid = "x"\nscenario = ["boh"]\nrichieste = ["GET /"]\n```', "«boh» non è uno scenario"),
        ('```traccia\nid = "x"\nscenario = ["wsgiref-wsgi"]\n```', "non manda nessuna richiesta"),
        (
            '```traccia\nid = "x"\nscenario = ["wsgiref-wsgi"]\nrichieste = [{ copione = ["A salta"] }]\n```',
            "mi aspetto apre",
        ),
        (
            '```traccia\nid = "x"\nscenario = ["wsgiref-wsgi"]\nrichieste = [{ ripeti = 2 }]\n```',
            "una cosa sola fra riga",
        ),
        (QUESTION, "due domande della lezione hanno questo id"),
        (QUESTION.replace('"quante"', '"q"\ntraccia = "boh"'), "la traccia «boh» non c'è"),
        (QUESTION.replace('"quante"', '"q"\nsu = "gunicorn"'), "«gunicorn» non è fra i server della traccia"),
        (QUESTION.replace('"quante"', '"q"').replace("conta(", "conta(("), "manca ','"),
        (QUESTION.replace('"quante"', '"q"').replace("vale = 2", "vale = 1"), "due scelte valgono lo stesso"),
        (QUESTION.replace('"quante"', '"q"').replace('"M01"', '"M99"'), "il fraintendimento «M99» non c'è"),
        (QUESTION.replace('"quante"', '"q"').replace(', { testo = "Due", vale = 2 }', ""), "da due a quattro"),
        ("[la prima](lezione:boh)", "il collegamento «lezione:boh» non porta da nessuna parte"),
        ("[parola](glossario:boh)", "«glossario:boh» non porta"),
        ("\\\n".join(["riga"] * 19), "19 righe a 76 colonne, al massimo 18"),
    ],
)
def test_a_fault_of_a_page_is_told(course_of: CourseOf, text: str, said: str) -> None:
    found = written(course_of(with_page(text)))
    assert any(said in each for each in found), found


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ('prerequisiti = ["boh"]', "la lezione «boh» dei prerequisiti non c'è"),
        ('fraintendimenti = ["M99"]', "il fraintendimento «M99» non c'è"),
        ('fraintendimenti = ["M02"]', "dichiara il fraintendimento M02"),
        ('[ripasso]\nfine = ["boh/boh"]', "la domanda di ripasso «boh/boh» non c'è"),
        ('[ripasso]\nfine = ["prova/quante"]', "non è di una lezione precedente"),
    ],
)
def test_a_fault_of_the_heading_is_told(course_of: CourseOf, heading: str, said: str) -> None:
    found = written(course_of(heading=heading))
    assert any(said in each for each in found), found


def test_a_lesson_without_a_trace_or_a_review_is_told(course_of: CourseOf, tmp_path: Path) -> None:
    course_of()
    write_lesson(tmp_path / "corso" / "02-dopo", {"sola": "# Sola\n\nNiente.\n"}, id="dopo")
    found = written(Course(tmp_path / "corso"))
    assert "lezione.toml: nessuna pagina ha una traccia" in found
    assert any("il ripasso vuole 2 domande all'inizio e 3 alla fine" in each for each in found)


def test_the_tables_of_a_course_are_checked(course_of: CourseOf, tmp_path: Path) -> None:
    course_of()
    corso = tmp_path / "corso"
    (corso / "glossario.toml").write_text('[x]\ntermine = "x"\nspiegazione = "y"\nlezione = "boh"\n', "utf-8")
    (corso / "argomenti.toml").write_text('[a]\ntesto = "t"\nlezione = "prova"\npagina = "boh"\n', "utf-8")
    (corso / "percorsi").mkdir()
    (corso / "percorsi" / "un-ora.toml").write_text('titolo = "x"\ndurata = 60\ntappe = []\n', "utf-8")
    found = written(Course(corso))
    assert "glossario.toml [x]: la lezione «boh» non c'è" in found
    assert "argomenti.toml [a]: la pagina prova/boh non c'è" in found
    assert "M02: nessuna lezione incontra questo fraintendimento" in found
    assert any(each.startswith("percorsi/un-ora.toml: le tappe fanno 0 minuti") for each in found)


def run(course: Course, repetitions: int = 1) -> Sequence[Finding]:
    return list(check_questions(course, list(course), repetitions))


def test_what_is_asked_is_run_and_computed(course_of: CourseOf, outcome: Outcome) -> None:
    """One run on each server answers everything: a right question, three wrong ones, an order, a broken recording."""
    wrong = {
        "fuori": QUESTION.replace('"quante"', '"fuori"').replace("vale = 2", "vale = 3"),
        "cambia": QUESTION.replace('"quante"', '"cambia"').replace("conta(passi('call'))", "viaggio(1).pid"),
        "senza-nome": QUESTION.replace('"quante"', '"senza-nome"').replace(', fraintendimento = "M01"', ""),
        "rotta": QUESTION.replace('"quante"', '"rotta"').replace("conta(passi('call'))", "viaggio(9).stato"),
        "fila": ORDER,
    }
    course = course_of({**PAGES, **{name: f"# {name}\n{text}" for name, text in wrong.items()}})
    lesson = course.lesson("prova")
    keeper = Keeper(lesson, lesson.traces["due"], "wsgiref", own_folder(lesson))
    keeper.finish(outcome)  # which heard no event: no journey will come out of it
    found = {(each.kind, each.id, each.server, each.ok): each for each in run(course)}
    assert {key for key in found if key[0] == "trace"} == {
        ("trace", "due", "wsgiref", True),
        ("trace", "due", "waitress", True),
    }
    assert found["prediction", "quante", "waitress", True].answer == "Due"
    assert "il valore è 2, e nessuna scelta" in found["prediction", "fuori", "waitress", False].message
    assert "nessuna scelta vale così" in found["prediction", "cambia", "waitress", False].message
    assert "non 9" in found["prediction", "rotta", "waitress", False].message
    assert "«Una» non è mai la risposta" in found["prediction", "senza-nome", "", False].message
    assert found["ordering", "fila", "waitress", True].answer == ["i byte", "la vista"]
    assert "sulla registrazione la risposta è un'altra" in found["prediction", "quante", "wsgiref", False].message


COUNTING = """
from pathlib import Path

def app(environ, start_response):
    file = Path(__file__).with_name("volte.txt")
    file.write_text((file.read_text() if file.exists() else "") + "x")
    start_response("200 OK", [])
    return [file.read_text().encode()]
"""


def test_an_answer_that_changes_is_told(course_of: CourseOf) -> None:
    trace = TRACE.replace(', "waitress"', "").replace(', "GET /due"', "")
    asked = QUESTION.replace("conta(passi('call'))", "lunghezza(risposta(1).corpo)")
    found = run(course_of({"sola": f"# S\n{trace}{asked}"}, files={"app.py": COUNTING}), 2)
    assert [(each.kind, each.ok, each.message) for each in found] == [
        ("trace", True, ""),
        ("prediction", False, "la risposta cambia da una volta all'altra: 1, 2"),
    ]


def test_a_program_that_does_not_start_is_told_with_its_last_words(course_of: CourseOf) -> None:
    page = '# S\n\n```traccia\nid = "x"\nprogramma = "rotto.py"\nrichieste = ["GET /"]\n```\n'
    [finding] = run(course_of({"sola": page}, files={"rotto.py": "raise SystemExit('non oggi')\n"}))
    assert (finding.kind, finding.ok) == ("trace", False)
    assert "non oggi" in finding.message
