meshfedc requirements --rotate-root berln
