//! Elements of a VOTable, by their names and with their text.

use roxmltree::Node;

/// Returns whether a node is an element of this name, in any namespace: each version of VOTable has one of its own.
pub(super) fn is(node: &Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

/// Returns the text in a node and in all below it.
pub(super) fn text_of(node: &Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect()
}
