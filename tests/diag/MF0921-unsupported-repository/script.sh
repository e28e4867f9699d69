git init -q .
git config core.repositoryFormatVersion 1 && git config extensions.partialClone origin
meshfedc build --commit
