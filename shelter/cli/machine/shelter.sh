#!/bin/sh
# `shelter COMMAND`: a command of Shelter as the user it runs as, with its settings.
set -eu
cd @PREFIX@/current
exec runuser -u shelter -- env $(grep -v '^#' @ETC@/environment | xargs) .venv/bin/flask --app wsgi "$@"
