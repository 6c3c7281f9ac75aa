from passerella.tui.proxy_lines import proxy_lines
from passerella.views.inspector import ProxyLine, ProxyView

VIEW = ProxyView(
    "Proxy: differenze",
    ("incerto",),
    (ProxyLine("~", "Host", "Host: da «a» a «" + "b" * 60 + "»"), ProxyLine(" ", "metodo", "metodo: com'era, «GET»")),
    (),
    (("nel proxy", "0,10 ms"),),
)


def _texts(outbound: bool) -> list[str]:
    return ["".join(text for text, _token in line) for line in proxy_lines(VIEW, 50, outbound=outbound)]


def test_differences_are_said_whole_and_the_row_s_direction_first() -> None:
    inbound, back = _texts(False), _texts(True)
    assert inbound[0] == "incerto"
    assert inbound.index("Nella richiesta") < inbound.index("Nella risposta")
    assert back.index("Nella risposta") < back.index("Nella richiesta")
    assert any(line.startswith("~ Host: da «a» a «b") for line in inbound)
    assert sum(line.count("b") for line in inbound) == 60
    assert max(map(len, inbound)) <= 50
    assert inbound[inbound.index("Nella risposta") + 1].strip() == "niente"
    assert inbound[-1] == "  nel proxy  0,10 ms"
