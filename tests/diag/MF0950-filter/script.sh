git init -q .
git config filter.upper.clean 'tr a-z A-Z'
git config filter.upper.smudge 'tr A-Z a-z'
echo '/out/** filter=upper' > .gitattributes
meshfedc build 2>/dev/null
git add --all .
meshfedc check --against index
