PARAM_CONFIG=../federation.toml PARAM_CLUSTER=berlin-1 meshfedc cmp generate
