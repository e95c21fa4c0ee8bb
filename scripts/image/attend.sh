#!/bin/bash
# What the page (page.js, which is not root) may have root do: an order a line on standard input, an
# answer a line on standard output, what doctor found a line on descriptor 3. The page is the only one
# that holds the other ends. Whatever it sends, nothing but these orders is carried out.
LC_ALL=C
on_a_message='^(retry|hold|release|delete) ([0-9A-Za-z]{6,40})$'

# Postfix's commands log what they do, as the running configuration says.
carry_out() {
  if [ "$1" = 'retry all' ]; then
    postqueue -f
  elif [[ $1 =~ $on_a_message ]]; then
    local id=${BASH_REMATCH[2]}
    case ${BASH_REMATCH[1]} in
      retry) postqueue -i "$id" ;;
      hold) postsuper -h "$id" ;;
      release) postsuper -H "$id" ;;
      delete) postsuper -d "$id" ;;
    esac
  else
    return 1
  fi
} > /dev/null 2>&1

# One at a time, and not every second: it logs in at each provider.
examined=-60
examine() {
  [ -z "$(jobs -rp)" ] && [ $((SECONDS - examined)) -ge 20 ] || return 1
  examined=$SECONDS
  { hikyaku doctor --json --as-started 2> /dev/null | tr -d '\n' | head -c 1000000; echo; } >&3 &
}

while IFS= read -r -n 64 order; do
  if [ "$order" = doctor ]; then examine; else carry_out "$order"; fi && echo done || echo failed
done
