# Sourced by .ci/run: check_format finds white space and imports that are not as .editorconfig wants them. What else `dotnet format` knows, the
# build finds: analyzers and rules of style run in it, and their warnings are errors.

check_format() {
  local failed=0
  dotnet format whitespace --folder --verify-no-changes . || failed=1
  find src tests docker -name '*.cs' -not -path '*/obj/*' -not -path '*/bin/*' -print0 | LC_ALL=C xargs -0 awk -f .ci/imports.awk || failed=1
  return $failed
}
