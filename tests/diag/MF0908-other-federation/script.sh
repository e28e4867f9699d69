meshfedc build 2> /dev/null
sed -i 's/name = "shop"/name = "outlet"/' federation.toml
meshfedc build
