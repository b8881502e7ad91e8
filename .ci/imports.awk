# The imports that are out of order in the C# files that are given, as `dotnet format` orders them: System first, then by the alphabet; static
# imports after those, and aliases last. `dotnet format` itself would compile everything for it.

FNR == 1 { above = "" }

match($0, /^(global )?using [^(]*;/) {
  name = substr($0, 1, RLENGTH - 1)
  sub(/^(global )?using /, "", name)
  kind = 0
  if (name ~ /^static /) { kind = 1; sub(/^static /, "", name) }
  if (name ~ /=/) kind = 2
  key = kind (name ~ /^System(\.|$)/ ? 0 : 1) tolower(name)
  gsub(/\./, "\001", key)
  if (key < above) { print FILENAME "(" FNR "): import " name " is out of order."; found = 1 }
  above = key
  next
}

# A declaration ends them.
/^[a-z[]/ { above = "~"; nextfile }

END { exit found }
