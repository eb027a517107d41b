@echo off
rem Runs the contract suite on the backends of Windows, with a JDK 25 and this repository:
rem
rem   tools\ci\contract.cmd [OPTION...]
rem
rem Each OPTION is one of Maven, such as -Dbackends=AFD or -Dtest=ReadinessContractTest. JAVA_HOME names the JDK. The
rem tests that need facilities of other systems are left out by their tags, as in tools/ci/contract. mvnw.cmd downloads
rem Maven; MVNW_REPOURL names another server for it.
setlocal

cd /d "%~dp0..\.." || exit /b 2
if not exist "%JAVA_HOME%\bin\javac.exe" (
    echo tools\ci\contract.cmd: set JAVA_HOME to a JDK 25 or newer, for example Eclipse Temurin 25. 1>&2
    exit /b 2
)

ver
"%JAVA_HOME%\bin\java.exe" -version
call mvnw.cmd --batch-mode --no-transfer-progress -DskipJavadoc=true "-DexcludedGroups=ci,linux,unix" ^
    "-Dexpected.backends=SELECT,POLL,AFD" "-Dtest=io.selectors4j.contract.*Test" ^
    -Dsurefire.failIfNoSpecifiedTests=false -pl selectors4j -am %* test
exit /b %ERRORLEVEL%
