#!/bin/sh
# `shelter COMMAND`: a command of Shelter as the user it runs as, with its settings.
set -eu
cd @PREFIX@/current
set -a
# shellcheck source=/dev/null
. @ETC@/environment
set +a
exec runuser -u shelter -- .venv/bin/flask --app wsgi "$@"
