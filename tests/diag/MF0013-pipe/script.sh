mkdir -p teams/pay
mkfifo teams/wish
meshfedc validate
