// @ts-nocheck
// Made from the .proto file beside it by `npm run protobuf`. Types are in the file that uses it.
import $protobuf from 'protobufjs/minimal.js';

const $Reader = $protobuf.Reader, $util = $protobuf.util;

const $root = $protobuf.roots["sallyport parsers/mcs/stanzas.proto"] || ($protobuf.roots["sallyport parsers/mcs/stanzas.proto"] = {});

export const mcs = $root.mcs = (() => {

    const mcs = {};

    mcs.LoginRequest = (function() {

        function LoginRequest(properties) {
            if (properties)
                for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        }

        LoginRequest.prototype.id = null;
        LoginRequest.prototype.domain = null;
        LoginRequest.prototype.user = null;
        LoginRequest.prototype.deviceId = null;

        LoginRequest.decode = function decode(reader, length, error, long) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (long === undefined)
                long = 0;
            if (long > $Reader.recursionLimit)
                throw Error("maximum nesting depth exceeded");
            let end, message;
            if (length === undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = new $root.mcs.LoginRequest();
            while (reader.pos < end) {
                let tag = reader.uint32();
                if (tag === error)
                    break;
                switch (tag >>> 3) {
                case 1: {
                        message.id = reader.string();
                        break;
                    }
                case 2: {
                        message.domain = reader.string();
                        break;
                    }
                case 3: {
                        message.user = reader.string();
                        break;
                    }
                case 6: {
                        message.deviceId = reader.string();
                        break;
                    }
                default:
                    reader.skipType(tag & 7, long);
                    break;
                }
            }
            if (length !== undefined) {
                if (reader.pos !== end)
                    throw RangeError("index out of range");
                reader.len = length;
            }
            return message;
        };

        return LoginRequest;
    })();

    mcs.DataMessageStanza = (function() {

        function DataMessageStanza(properties) {
            if (properties)
                for (let keys = Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        }

        DataMessageStanza.prototype.from = null;
        DataMessageStanza.prototype.category = null;

        DataMessageStanza.decode = function decode(reader, length, error, long) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (long === undefined)
                long = 0;
            if (long > $Reader.recursionLimit)
                throw Error("maximum nesting depth exceeded");
            let end, message;
            if (length === undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = new $root.mcs.DataMessageStanza();
            while (reader.pos < end) {
                let tag = reader.uint32();
                if (tag === error)
                    break;
                switch (tag >>> 3) {
                case 3: {
                        message.from = reader.string();
                        break;
                    }
                case 5: {
                        message.category = reader.string();
                        break;
                    }
                default:
                    reader.skipType(tag & 7, long);
                    break;
                }
            }
            if (length !== undefined) {
                if (reader.pos !== end)
                    throw RangeError("index out of range");
                reader.len = length;
            }
            return message;
        };

        return DataMessageStanza;
    })();

    return mcs;
})();
