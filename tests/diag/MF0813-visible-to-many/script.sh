{ cat federation.toml && echo "visible_to = [$(seq -f '"namespace-%06.0f"' -s ', ' 16000)]"; } > many.toml
meshfedc validate -f many.toml
