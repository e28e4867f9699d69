meshfedc requirements --upgrade berlin-1=1.30.4
