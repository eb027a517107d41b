package io.selectors4j.architecture.bad.os;

public class InheritsInternal extends HiddenParent {}
