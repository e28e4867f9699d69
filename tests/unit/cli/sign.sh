#!/bin/sh
# `meshfedc build --commit` where signatures are demanded: with keys made here, of gpg and ssh, `git verify-commit` takes
# what it makes; without a key there is no commit. Usage: sign.sh MESHFEDC
set -eu
meshfedc=$(realpath "$1")
. "$(dirname "$(realpath "$0")")/git.sh"
cleanup() {
  gpgconf --homedir "$work/gnupg" --kill all 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
mkdir -m 700 gnupg tmp
export GNUPGHOME="$work/gnupg" TMPDIR="$work/tmp"
git config --global user.name 'Mesh Builder'
git config --global user.email mesh@example.com


fresh() {
  cd "$work"
  git init -q "$1"
  cd "$1"
  "$meshfedc" init 2>/dev/null
  git add --all . && git commit -qm 'Begin'
  git config commit.gpgsign true
}
change() { sed -i "s/number = [0-9]*/number = $1/" federation.toml; }
commit() { "$meshfedc" build --commit "$@"; }

# verified BRANCH: Git takes the signature, the repository is whole, and nothing is left behind.
verified() {
  git verify-commit "$1" 2>"$work/said" || { cat "$work/said"; fail "$PWD: $1 does not verify"; }
  git fsck --strict --no-dangling >"$work/said" 2>&1 || { cat "$work/said"; fail "$PWD: fsck"; }
  [ -z "$(ls "$TMPDIR")" ] || fail "$PWD: files are left in TMPDIR"
}

# refused TEXT OPTION…: no commit, nothing written, and that is said.
refused() {
  text=$1
  shift
  before=$(git for-each-ref)
  expect 3 'MF0924' commit "$@"
  grep -qF -- "$text" "$work/said" || { cat "$work/said"; fail "$PWD: no '$text'"; }
  [ "$(git for-each-ref)" = "$before" ] || fail "$PWD: refused, and yet a branch moved"
  [ -z "$(ls "$TMPDIR")" ] || fail "$PWD: files are left in TMPDIR"
}

gpg --batch --quiet --passphrase '' --quick-generate-key 'Mesh Builder <mesh@example.com>' ed25519 sign never 2>/dev/null
gpg --batch --quiet --passphrase '' --quick-generate-key 'Other <other@example.com>' ed25519 sign never 2>/dev/null
ssh-keygen -q -t ed25519 -N '' -C mesh -f "$work/key"
ssh-keygen -q -t ed25519 -N '' -C agent -f "$work/agent-key"
for key in key agent-key; do echo "mesh@example.com $(cat "$work/$key.pub")"; done >"$work/allowed"
git config --global gpg.ssh.allowedSignersFile "$work/allowed"

echo '- gpg, with the key of the committer and with one that is named'
fresh gpg
expect 0 'committed to rendered' commit --branch rendered
verified rendered
expect 0 'committed to main' commit
verified main
[ -z "$(git status --porcelain)" ] || fail 'the working tree is not clean'
[ "$(git log -1 --format=%GS main)" = 'Mesh Builder <mesh@example.com>' ] || fail 'signed by somebody else'
git config user.signingKey other@example.com && change 8001
expect 0 'committed' commit --branch rendered --message 'A subject

and a body'
verified rendered
[ "$(git log -1 --format=%GS rendered)" = 'Other <other@example.com>' ] || fail 'signed with another key'
[ "$(git log -1 --format=%b rendered)" = 'and a body' ] || fail 'the message is another'
git config i18n.commitEncoding ISO-8859-1 && change 8002
expect 0 'committed' commit --branch rendered --message "$(printf 'Stra\337e')"
verified rendered
[ "$(git log -1 --encoding=UTF-8 --format=%s rendered)" = 'Straße' ] || fail 'the encoding is not declared'
git config --unset i18n.commitEncoding && change 8003
expect 0 'committed' commit --branch rendered --unsigned
git cat-file -p rendered | grep -q gpgsig && fail 'signed, though --unsigned was given'

echo '- ssh: files, literal keys with an agent, a command that names the key'
fresh ssh
git config gpg.format ssh
git config user.signingKey "$work/key"
expect 0 'committed' commit --branch file
verified file
git cat-file -p file | grep -q '^gpgsig -----BEGIN SSH SIGNATURE-----' || fail 'no signature of ssh'
git config user.signingKey '~/key' && cp "$work/key" "$HOME/key"
expect 0 'committed' commit --branch home
verified home
rm "$HOME/key"
cp "$work/key" .git/key && git config user.signingKey .git/key && mkdir sub
(cd sub && expect 0 'committed' commit -f ../federation.toml -o ../out --branch relative)
verified relative
eval "$(ssh-agent -s)" >/dev/null
trap 'kill "$SSH_AGENT_PID" 2>/dev/null || true; cleanup' EXIT
ssh-add -q "$work/agent-key" && mv "$work/agent-key" "$work/away"
for key in "key::$(cat "$work/agent-key.pub")" "$(cat "$work/agent-key.pub")" "$work/agent-key.pub"; do
  git config user.signingKey "$key" && git branch -qD agent 2>/dev/null || true
  expect 0 'committed' commit --branch agent
  verified agent
done
git config --unset user.signingKey
git config gpg.ssh.defaultKeyCommand 'ssh-add -L'
expect 0 'committed' commit --branch default
verified default
git config gpg.ssh.defaultKeyCommand "sh -c 'echo none; exit 1'"
refused 'gpg.ssh.defaultKeyCommand' --branch nothing
kill "$SSH_AGENT_PID"
git config user.signingKey "key::$(cat "$work/agent-key.pub")"
refused 'ssh-keygen`: ' --branch nothing

echo '- a program of its own, called as Git calls it'
fresh program
cat >"$work/recorder" <<'SCRIPT'
#!/bin/sh
printf '%s\n' "$@" >"$HOME/arguments"
pwd >"$HOME/directory"
exec gpg "$@"
SCRIPT
chmod +x "$work/recorder"
git config gpg.program "$work/recorder"
expect 0 'committed' commit --branch mine
cp "$HOME/arguments" "$work/ours"
verified mine
git commit -q --allow-empty -m 'By Git'
cmp "$HOME/arguments" "$work/ours" || fail 'gpg gets other arguments than from Git'
git config gpg.format ssh && git config user.signingKey "$work/key" && git config gpg.ssh.program "$work/recorder"
sed -i 's/exec gpg/exec ssh-keygen/' "$work/recorder"
expect 0 'committed' commit --branch ssh
head -n -1 "$HOME/arguments" >"$work/ours" # the last one is the file
verified ssh
git commit -q --allow-empty -m 'By Git'
head -n -1 "$HOME/arguments" | cmp - "$work/ours" || fail 'ssh-keygen gets other arguments than from Git'

echo '- what cannot be signed is not committed'
fresh none
git config user.signingKey nobody@example.com
refused 'gpg`: gpg: skipped "nobody@example.com": No secret key' --branch rendered
head=$(git rev-parse HEAD)
refused 'No secret key'
git config gpg.program "$work/nowhere"
refused "cannot find the program \`$work/nowhere\`" --branch rendered
rm -rf out
refused "cannot find the program \`$work/nowhere\`"
[ ! -e out ] || fail 'the working tree was written to'
git config gpg.program no-such-program
refused 'cannot find the program `no-such-program`' --branch rendered
printf '#!/bin/sh\ncat >/dev/null\necho not a signature\n' >"$work/liar" && chmod +x "$work/liar"
git config gpg.program "$work/liar"
refused 'it printed no error' --branch rendered
printf '#!/bin/sh\nexit 0\n' >"$work/liar"  # which does not even read
refused 'it printed no error' --branch rendered
printf '#!/bin/sh\nkill -9 $$\n' >"$work/liar"
refused 'it printed no error' --branch rendered
touch "$work/plain" && git config gpg.program "$work/plain"
refused 'cannot be run: Permission denied' --branch rendered
git config gpg.format ssh
git config --unset user.signingKey
refused '`user.signingKey` is not set' --branch rendered
git config user.signingKey "$work/none"
refused "the key \`$work/none\` in \`user.signingKey\` does not exist" --branch rendered
ssh-keygen -q -t ed25519 -N 'a passphrase' -f "$work/locked"
git config user.signingKey "$work/locked"
SSH_ASKPASS=/bin/false SSH_ASKPASS_REQUIRE=force refused 'ssh-keygen`: ' --branch rendered
git config user.signingKey "$work/key"
TMPDIR="$work/nowhere" expect 3 "\`$work/nowhere\` is not writable" commit --branch rendered
git config gpg.format pgp
expect 4 'MF0940' commit --branch rendered
git config gpg.format x509 && git config gpg.x509.program "$work/nowhere"
refused "cannot find the program \`$work/nowhere\`" --branch rendered
git config commit.gpgsign perhaps
expect 4 'MF0940' commit --branch rendered
git rev-parse -q --verify refs/heads/rendered && fail 'refused, and yet a branch was made'
[ "$(git rev-parse HEAD)" = "$head" ] || fail 'refused, and yet HEAD moved'
expect 0 'committed' commit --branch rendered --unsigned
