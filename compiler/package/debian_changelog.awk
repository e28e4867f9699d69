# Makes Debian's changelog of CHANGELOG.md: each "## VERSION, DATE" and the items below it. "## Unreleased" is left out.
# Variables: version and date, of the program, which the first entry must have; by, who changed it.

function stop(problem) {
  print "CHANGELOG.md: " problem >"/dev/stderr"
  failed = 1
  exit 1
}

function end_entry() {
  if (entry == "") return
  print "\n -- " by "  " rfc2822
}

/^## Unreleased$/ { next }

/^## / {
  end_entry()
  if (split($0, words, /[ ,]+/) != 3) stop("not \"## VERSION, DATE\": " $0)
  if (entry == "" && (words[2] != version || words[3] != date))
    stop("begins with " words[2] ", " words[3] "; CMakeLists.txt says " version ", " date)
  if (entry != "") print ""
  entry = words[2]
  print "meshfedc (" entry ") unstable; urgency=medium\n"
  command = "LC_ALL=C date -u -R -d " words[3]
  if ((command | getline rfc2822) != 1) stop("not a date: " words[3])
  close(command)
  next
}

entry != "" && NF {
  gsub(/\*\*|`/, "")
  if (sub(/^- /, "  * ") || sub(/^  /, "    ")) print
  else stop("not an item: " $0)
}

END {
  if (failed) exit 1
  if (entry == "") stop("no entry")
  end_entry()
}
