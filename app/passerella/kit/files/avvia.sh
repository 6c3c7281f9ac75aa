#!/bin/sh
# Installa Passerella su questo computer con i pacchetti che sono qui, senza rete, e la apre.
# Quello che scrivi dopo il nome va a Passerella: «sh avvia.sh lezioni 1».
set -eu

qui=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
casa=${PASSERELLA_CASA:-${XDG_DATA_HOME:-$HOME/.local/share}/passerella-valigetta}

case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) sistema=linux ;;
    Linux-aarch64 | Linux-arm64) sistema=linux-arm ;;
    Darwin-arm64) sistema=mac ;;
    Darwin-x86_64) sistema=mac-intel ;;
    *) sistema=sconosciuto ;;
esac

python='' requisiti=''
for versione in @PYTHON@; do
    [ -f "$qui/requisiti/$sistema-$versione.txt" ] || continue
    for nome in "python$versione" python3 python; do
        if "$nome" -c "import platform, sys; sys.exit(not platform.python_version().startswith('$versione.'))" 2>/dev/null; then
            python=$nome requisiti=$qui/requisiti/$sistema-$versione.txt
            break 2
        fi
    done
done
if [ -z "$python" ]; then
    echo "Qui non trovo un Python adatto. Questa valigetta è per @PER@, con Python @PYTHON@." >&2
    exit 1
fi

if ! cmp -s "$requisiti" "$casa/fatto.txt"; then
    echo "Installo Passerella in $casa, senza rete: ci vuole un minuto…" >&2
    mkdir -p "$casa"
    rm -f "$casa/fatto.txt"
    if ! "$python" -m venv --clear "$casa/venv"; then
        echo "Python non riesce a fare un ambiente virtuale. Su Debian e Ubuntu manca il pacchetto python3-venv." >&2
        exit 1
    fi
    PIP_CONFIG_FILE=/dev/null "$casa/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        --no-index --find-links "$qui/pacchetti" -r "$requisiti"
    cp "$requisiti" "$casa/fatto.txt"
fi

PASSERELLA_REGISTRAZIONI=$qui/registrazioni
export PASSERELLA_REGISTRAZIONI
exec "$casa/venv/bin/passerella" "$@"
