/** A use of a name: called, or as it is. The name is dotted and as the source has it. */
export interface Reference {
  name: string;
  call: boolean;
}

/** A name a module defines. */
export interface Binding {
  /** attribute: something is set on the object of this name, as in `app.wsgi_app = Middleware(app.wsgi_app)`. */
  kind: 'value' | 'function' | 'class' | 'attribute';
  name: string;
  /** Offset of the statement in the source. */
  at: number;
  /** value: what it is assigned from; function: what it returns; class: its bases. */
  from: Reference[];
  /** value, attribute: the applications that what it is assigned wraps. */
  given: Reference[];
  /** function: its parameters without a default. */
  required: string[];
  /** value: the text, when it is one plain string. */
  text: string | null;
  /** class: the parameters, without a default, that an object of it is called with; null when it cannot be called. */
  called: string[] | null;
}
