# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# meson's testlog.txt -> the reason of every skip, then "N passed, N failed, N skipped".
# meson_status: the exit status of `meson test`. Exit status: 1 if anything failed or nothing passed.
# Cases are counted where the program speaks TAP or is gst-check's, else the program.

function end_program ()
{
  if (name == "")
    return
  if (result == "exit status 77" && !n_cases)
    skip(name, last_line)
  else if (result != "exit status 0" && !n_failed_here)
    n_failed++
  else if (!n_cases && result == "exit status 0")
    n_passed++
  name = ""
}

function skip (what, reason)
{
  n_skipped++
  printf "skipped: %s: %s\n", what, reason == "" ? "no reason given" : reason
}

/^test: +/ {
  end_program()
  name = $0
  sub(/^test: +/, "", name)
  result = last_line = ""
  n_cases = n_failed_here = in_stdout = 0
  next
}
/^result: +/ {
  result = $0
  sub(/^result: +/, "", result)
  next
}
/^-+ std(out|err) -+$/ {
  in_stdout = /stdout/
  next
}
/^=+$/ {
  in_stdout = 0
  next
}
!in_stdout { next }

/^1\.\.0 *# *[Ss][Kk][Ii][Pp]/ {
  n_cases++
  sub(/^[^#]*# *[A-Za-z]+ */, "")
  skip(name, $0)
  next
}
/^ok .*# *[Ss][Kk][Ii][Pp]/ {
  n_cases++
  what = reason = $0
  sub(/^ok [0-9]* *(- )?/, "", what)
  sub(/ *#.*/, "", what)
  sub(/^[^#]*# *[A-Za-z]+ */, "", reason)
  skip(name " " what, reason)
  next
}
/^ok / {
  n_cases++
  n_passed++
  next
}
/^not ok / {
  n_cases++
  n_failed++
  n_failed_here++
  next
}
/^[0-9]+%: Checks: [0-9]+, Failures: [0-9]+, Errors: [0-9]+/ { # gst-check
  n_cases += $3
  n_failed_here = $5 + $7
  n_failed += n_failed_here
  n_passed += $3 - n_failed_here
  next
}
/./ { last_line = $0 }

END {
  end_program()
  if (meson_status != 0 && !n_failed)
    n_failed = 1
  printf "%d passed, %d failed, %d skipped\n", n_passed, n_failed, n_skipped
  exit n_failed > 0 || !n_passed
}
