git init -q .
meshfedc build --commit --author 'Ada <ada@example.com>'
