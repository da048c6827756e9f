"""The generated reference: pages made from the registries of the code, so that neither can lie about the other."""
