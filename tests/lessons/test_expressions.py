"""The language of the answers: it never fails but with words, and says the truth of a real run."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerella.errors import ContentError
from passerella.lessons.expressions import evaluate, parse
from passerella.lessons.expressions.evaluating import is_across
from passerella.lessons.expressions.functions import FUNCTIONS
from passerella.lessons.outcome import Outcome

PIECES = st.sampled_from(
    [*FUNCTIONS, "dove", "se", "vero", "niente", "e", "oppure", "non", "in", "(", ")", "[", "]", ".", ",", "=", "!=",
     "<", "<=", "+", "-", "*", "'call'", '"x"', "'", "1", "2.5", "stato", "viaggio=1", "percorso='/uno'", " ", "è", "\\"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=30).map(" ".join)))
def test_anything_is_read_or_refused_with_words(text: str) -> None:
    with suppress(ContentError):
        parse(text)


@given(st.lists(PIECES, max_size=14).map(" ".join))
def test_what_can_be_read_has_a_value_or_is_refused_with_words(outcome: Outcome, text: str) -> None:
    with suppress(ContentError):
        evaluate(text, [outcome], outcome)


@pytest.mark.parametrize("text", ["(" * 5000, "non " * 200, "-" * 500 + "1", "[" * 45 + "]" * 45, "1" * 700])
def test_depth_and_length_are_bounded(text: str) -> None:
    with suppress(ContentError):
        parse(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("-(1 - 3) * 2", 4),
        ("0.5 + 0.25 = 0.75", True),
        ("'a' + 'b'", "ab"),
        ("1 = vero", False),
        ("non 1 = 2 e vero", True),
        ("falso oppure vero e falso", False),
        ("2 in [1, 2]", True),
        ("se(1 < 2, 'sì', viaggio(99))", "sì"),
        ("conta(viaggi())", 2),
        ("conta(passi('call'))", 2),
        ("viaggi().stato", [200, 200]),
        ("viaggio(1).percorso", "/uno"),
        ("conta(viaggi(percorso='/due', metodo='GET'))", 1),
        ("diversi(viaggi().pid) = [viaggio(2).pid]", True),
        ("diversi(viaggi().connessione) = viaggi().connessione", True),
        ("prima(primo(passi('recv')), primo(passi('view')))", True),
        ("ordine(vista=primo(passi('view')), letta=primo(passi('recv')))", ["letta", "vista"]),
        ("tempo(primo(passi('call')), ultimo(passi('call'))) > 0", True),
        ("contemporanei(passi('view'))", 1),
        ("chiave('QUERY_STRING')", "nome=Ada"),
        ("chiave('PATH_INFO', viaggio=2)", "/due"),
        ("presente('wsgi.input') e non presente('NIENTE')", True),
        ("origine('PATH_INFO')", "/uno"),
        ("risposta(2).corpo", "ciao"),
        ("risposte()[1].stato", 200),
        ("risposta(1).chiusa", True),
        ("risposta(1).fallita", ""),
        ("intestazione('x-prova', risposta(1))", "uno"),
        ("intestazione('X-Altra', risposta(1))", None),
        ("byte(risposta(1), 0, 8)", "HTTP/1.0"),
        ("stampato('chiamata')", ["chiamata /uno", "chiamata /due"]),
        ("somma([1, 2, 3]) + massimo([1, 4]) - minimo([2, 3])", 8),
        ("arrotonda(0.74, 0.5)", 0.5),
        ("uguali(1, 1, 2)", False),
        ("contiene('passerella', 'ella') e inizia('passerella', 'passe')", True),
        ("lunghezza('è')", 1),
        ("conta(detto('B'))", 0),
        ("dove(viaggio(1).stato = 200)", ["wsgiref"]),
    ],
)
def test_the_value_over_a_real_run(outcome: Outcome, text: str, value: object) -> None:
    found = evaluate(text, [outcome], outcome)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("viaggio(9)", "viaggi ce ne sono 2, non 9"),
        ("primo(passi('mai'))", "non c'è un primo"),
        ("boh()", "la funzione «boh» non c'è"),
        ("conta(1)", "non si può calcolare"),
        ("'a' < 1", "non si può calcolare"),
        ("viaggio(1).boh", "non ha «boh»"),
        ("non 1", "mi aspetto vero o falso"),
        ("[1][2]", "la posizione 2 non c'è"),
        ("conta(passi(), passi())", "vuole 1 valori"),
        ("passi(colore='blu')", "non ha la condizione «colore»"),
        ("call", "un testo va fra apici"),
        ("1 +", "c'è la fine"),
        ("'" + "a" * 400 + "' * 1000", "troppo lungo"),
        ("__import__('os')", "non c'è"),
        ("viaggio(1).__class__", "non ha «__class__»"),
    ],
)
def test_what_cannot_be_is_said_with_its_place(outcome: Outcome, text: str, said: str) -> None:
    with pytest.raises(ContentError) as refused:
        evaluate(text, [outcome], outcome)
    assert said in refused.value.message
    assert "carattere" in refused.value.message


@pytest.mark.parametrize(
    ("text", "across"), [("dove(vero)", True), ("[1, se(vero, dove(vero), 2)]", True), ("'dove'", False)]
)
def test_an_answer_about_all_the_servers_is_recognised(text: str, across: bool) -> None:
    assert is_across(text) is across
