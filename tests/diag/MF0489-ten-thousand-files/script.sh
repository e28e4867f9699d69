mkdir -p apps && cd apps && seq 10001 | sed "s/$/.yaml/" | xargs touch && cd .. && meshfedc validate
