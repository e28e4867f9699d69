PARAM_PART=istiod PARAM_CLUSTER=berlin-1 meshfedc cmp generate
