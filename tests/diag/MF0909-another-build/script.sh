mkdir out
flock out meshfedc build
