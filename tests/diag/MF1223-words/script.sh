echo 'see the wiki' >root.pem
meshfedc validate
