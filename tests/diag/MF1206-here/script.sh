meshfedc build -o .
