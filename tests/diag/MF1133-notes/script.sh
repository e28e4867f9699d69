echo 'ask the mesh team' > fleet.svg
meshfedc graph -o fleet.svg
