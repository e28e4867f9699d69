PARAM_CLUSTER=in-cluster meshfedc cmp generate
