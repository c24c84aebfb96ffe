@echo off
rem Builds what is needed, then runs the tool: dropout compare
setlocal
set "root=%~dp0"
pushd "%root%"
dotnet build src\DropoutSharp.Cli --nologo --verbosity quiet -consoleLoggerParameters:NoSummary 1>&2 || (popd & exit /b 1)
popd
dotnet "%root%artifacts\bin\dropout.dll" %*
exit /b %ERRORLEVEL%
