@echo off
rem Builds what is needed, then runs the tool: dropout compare
setlocal
set "root=%~dp0"
set "log=%TEMP%\dropout-build-%RANDOM%.log"
where dotnet >nul 2>nul
if errorlevel 1 (
  echo error: The .NET 10 SDK must be installed ^(https://dot.net/download^); there is no dotnet on the PATH. 1>&2
  exit /b 127
)
if not exist "%root%artifacts\bin\dropout.dll" echo Building dropout ^(the first time fetches libtorch, about 200 MB^) ... 1>&2
pushd "%root%"
dotnet build src\DropoutSharp.Cli --nologo --verbosity quiet >"%log%" 2>&1 <nul
if errorlevel 1 (
  type "%log%" 1>&2
  del "%log%"
  popd
  exit /b 1
)
del "%log%"
popd
dotnet "%root%artifacts\bin\dropout.dll" %*
exit /b %ERRORLEVEL%
