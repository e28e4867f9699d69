: >root.pem
meshfedc validate
