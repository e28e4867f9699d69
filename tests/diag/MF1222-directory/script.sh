mkdir root.pem
meshfedc validate
