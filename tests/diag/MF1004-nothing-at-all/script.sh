PARAM_CLUSTER=lab meshfedc cmp generate
