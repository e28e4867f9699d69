meshfedc validate
