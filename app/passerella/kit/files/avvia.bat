@echo off
rem Installa Passerella su questo computer con i pacchetti che sono qui, senza rete, e la apre.
rem Quello che scrivi dopo il nome va a Passerella: "avvia.bat lezioni 1".
setlocal EnableExtensions
set "QUI=%~dp0"
set "CASA=%LOCALAPPDATA%\PasserellaValigetta"
if defined PASSERELLA_CASA set "CASA=%PASSERELLA_CASA%"
set "PYTHON="
set "VERSIONE="
for %%V in (@PYTHON@) do if not defined PYTHON call :prova %%V
if not defined PYTHON (
    echo Qui non trovo un Python adatto. Questa valigetta e' per @PER@, con Python @PYTHON@.
    pause
    exit /b 1
)
set "REQUISITI=%QUI%requisiti\windows-%VERSIONE%.txt"
fc /b "%REQUISITI%" "%CASA%\fatto.txt" >nul 2>nul && goto apri
echo Installo Passerella in %CASA%, senza rete: ci vuole un minuto...
if not exist "%CASA%" mkdir "%CASA%"
if exist "%CASA%\fatto.txt" del "%CASA%\fatto.txt"
%PYTHON% -m venv --clear "%CASA%\venv" || goto guaio
set "PIP_CONFIG_FILE=nul"
"%CASA%\venv\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --no-index --find-links "%QUI%pacchetti" -r "%REQUISITI%" || goto guaio
copy /y "%REQUISITI%" "%CASA%\fatto.txt" >nul

:apri
set "PASSERELLA_REGISTRAZIONI=%QUI%registrazioni"
"%CASA%\venv\Scripts\passerella.exe" %*
exit /b %ERRORLEVEL%

:guaio
echo Non sono riuscito a installarla: leggi le righe qui sopra.
pause
exit /b 1

:prova
if not exist "%QUI%requisiti\windows-%1.txt" exit /b 0
py -%1 -c "pass" >nul 2>nul && set "PYTHON=py -%1" && set "VERSIONE=%1" && exit /b 0
python -c "import platform, sys; sys.exit(not platform.python_version().startswith('%1.'))" >nul 2>nul && set "PYTHON=python" && set "VERSIONE=%1"
exit /b 0
