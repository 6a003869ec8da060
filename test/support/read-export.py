"""What another reader makes of an export: printed as JSON. Usage: read-export.py csv|eml|xml|html FILE..."""
import csv
import email
import email.policy
import json
import sys
import xml.etree.ElementTree as tree
from html.parser import HTMLParser

csv.field_size_limit(1 << 28)


def read_csv(path):
    with open(path, newline='', encoding='utf-8-sig') as file:
        return list(csv.DictReader(file, strict=True))


def read_eml(path):
    with open(path, 'rb') as file:
        octets = file.read()
    message = email.message_from_bytes(octets, policy=email.policy.default)
    parts = {}
    attachments = []
    for part in message.walk():
        if part.get_content_disposition() == 'attachment':
            attachments.append({
                'name': part.get_filename(), 'type': part.get_content_type(),
                'octets': part.get_payload(decode=True).hex()})
        elif part.get_content_maintype() == 'text':
            parts[part.get_content_type()] = part.get_content().replace('\r\n', '\n')
    head = octets.split(b'\r\n\r\n', 1)[0]
    return {
        'path': path,
        'headers': [[name, str(value)] for name, value in message.items()],
        'defects': [type(defect).__name__ for part in message.walk() for defect in part.defects],
        'addresses': [one.addr_spec for field in ('from', 'to') for one in
                      (message[field].addresses if message[field] else [])],
        'names': [one.display_name for field in ('from', 'to') for one in
                  (message[field].addresses if message[field] else [])],
        'longest': max(len(line) for line in octets.split(b'\r\n')),
        'bare': octets.replace(b'\r\n', b'').count(b'\n') + octets.replace(b'\r\n', b'').count(b'\r'),
        'ascii': all(octet < 128 for octet in head),
        'parts': parts, 'attachments': attachments}


def node(element):
    return {'name': element.tag, 'attributes': element.attrib, 'text': (element.text or '').strip(),
            'children': [node(child) for child in element]}


class Page(HTMLParser):
    VOID = {'meta', 'br', 'link', 'img'}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.elements = {}
        self.attributes = []
        self.lines = {}
        self.open = []
        self.record = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.elements[tag] = self.elements.get(tag, 0) + 1
        self.attributes += [[tag, name, value] for name, value in attrs.items()]
        if tag == 'li' and attrs.get('id', '').startswith('r'):
            self.record = attrs['id'][1:]
            self.lines[self.record] = {}
        if tag not in self.VOID:
            self.open.append((tag, attrs.get('class', '').split(' ')[0]))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            raise ValueError('not nested: ' + tag)
        if tag == 'li':
            self.record = None

    def handle_data(self, data):
        if self.record is None:
            return
        kinds = [kind for _, kind in self.open if kind]
        if kinds:
            line = self.lines[self.record]
            line[kinds[-1]] = line.get(kinds[-1], '') + data


def read_html(path):
    page = Page()
    with open(path, encoding='utf-8', newline='') as file:
        page.feed(file.read())
    page.close()
    return {'path': path, 'elements': page.elements, 'attributes': page.attributes, 'lines': page.lines}


READERS = {'csv': read_csv, 'eml': read_eml, 'html': read_html,
           'xml': lambda path: node(tree.parse(path).getroot())}
reader = READERS[sys.argv[1]]
json.dump([reader(path) for path in sys.argv[2:]], sys.stdout)
