PARAM_PART=install PARAM_CLUSTER=berlin-1 meshfedc cmp generate
