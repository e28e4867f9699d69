# A name that no file system takes.
meshfedc build --output "deploy/$(printf '%0300d' 0)"
