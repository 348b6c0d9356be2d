"""What columns are called in exports, in several languages, by the part of a record they are."""

import re

from anyascii import anyascii

# Of two parts that a name fits the first is meant. Names as `plain` makes them.
SPELLINGS: dict[str, str] = {
    "email": """email emailaddress emailadresse mail mailaddress mailadresse emails emailid
        useremail customeremail contactemail email1 emailprivat primaryemail correo
        correoelectronico adressemail courriel indirizzoemail epost sahkoposti recipient
        emailadres billingemail""",
    "phone": """phone phonenumber telephone telephonenumber tel telefon telefonnummer telefonnr
        homephone workphone businessphone telefono numerodetelefono numerotelephone telefoon
        puhelin phone1 phone2 callernumber caller billingphone""",
    "mobile": """mobile mobilephone mobilenumber cell cellphone cellular handy handynummer mobil
        mobiltelefon mobilnummer movil portable gsm cellulare mobiel""",
    "loyaltyId": """loyaltyid loyaltynumber loyaltycard loyaltycardno cardnumber cardno cardid
        kartennummer kundenkarte kundenkartennr membershipnumber memberno memberid mitgliedsnummer
        numerotarjeta cartefidelite bonuskarte""",
    "customer": """customerid customerno customernumber custid custno clientid clientno
        clientnumber crmid contactid accountid accountno kundennummer kundennr kundenid kdnr
        kundenno idcliente numeroclient numerocliente codicecliente klantnummer kundnummer
        asiakasnumero id recordid leadid personid""",
    "userId": "userid useruuid uid login loginid username benutzerid benutzer usuario",
    "cookie": "cookie cookieid visitorid anonymousid clientcookie gaclientid ecid fpid",
    "device": "deviceid device geraeteid idfv androidid",
    "advertisingId": "advertisingid adid idfa gaid aaid",
    "firstName": """firstname givenname forename first fname vorname rufname prenom nombre nome
        voornaam fornamn etunimi""",
    "lastName": """lastname surname familyname last lname nachname familienname name2 nomdefamille
        apellido apellidos cognome achternaam efternamn sukunimi""",
    "middleName": "middlename middleinitial middle zweitervorname",
    "name": "name fullname customername contactname kundenname nom displayname ansprechpartner",
    "title": "salutation title anrede titel civilite",
    "gender": "gender sex geschlecht sexe sexo genere",
    "birthDate": """birthdate dateofbirth dob birthday geburtsdatum geburtstag gebdatum gebdat
        datedenaissance datenaissance fechadenacimiento fechanacimiento datadinascita
        geboortedatum""",
    "street": """street streetaddress address address1 addressline1 addr1 strasse
        strassehausnummer strassenr adresse rue calle direccion via indirizzo straat mailingstreet
        billingstreet billingaddress1""",
    "houseNumber": "housenumber houseno hausnummer hausnr numero huisnummer",
    "address2": "address2 addressline2 addr2 apartment apt suite adresszusatz complement",
    "postalCode": """postalcode postcode zip zipcode plz postleitzahl codepostal codigopostal cp
        cap mailingpostalcode billingzip mailingzip""",
    "city": """city town ort stadt wohnort ville ciudad localidad citta plaats mailingcity
        billingcity""",
    "state": "state province region bundesland provincia mailingstate billingstate",
    "country": """country countrycode land laenderkennzeichen pays pais paese mailingcountry
        billingcountry""",
    "company": "company companyname organisation organization account firma unternehmen societe",
    "order": """order orderid orderno ordernumber ordernr bestellnummer bestellnr bestellid
        auftragsnummer auftragsnr auftrag numerocommande commande numeropedido pedido numeroordine
        invoiceno invoicenumber invoice rechnungsnummer rechnungsnr receiptid receiptno receipt
        bonnummer bonnr belegnummer transactionid transactionno""",
    "ticket": """ticketid ticketno ticketnumber ticket caseid caseno casenumber vorgangsnummer
        vorgang ticketnummer incidentid requestid""",
    "total": """total ordertotal grandtotal totalamount totalprice gesamt gesamtbetrag gesamtsumme
        summe endbetrag betrag amount amountpaid umsatz montant montanttotal importe importetotal
        importo revenue totale bedrag bruttobetrag""",
    "currency": "currency currencycode waehrung devise moneda valuta divisa",
    "sku": """sku productid productsku productcode productno itemid itemno itemcode itemsku ean
        gtin upc artikelnummer artikelnr artnr article referenceproduit codigoproducto
        lineitemsku""",
    "product": """product productname itemname item itemdescription artikel artikelname
        artikelbezeichnung bezeichnung produkt produit producto prodotto lineitemname""",
    "category": "category productcategory kategorie warengruppe categorie categoria",
    "quantity": """quantity qty menge anzahl stueck quantite cantidad quantita units
        lineitemquantity""",
    "line": """linetotal lineamount itemtotal itemamount positionsbetrag zeilenbetrag
        positionssumme lineprice itemprice extendedprice price preis""",
    "at": """at date datetime timestamp time createdat created createddate creationdate updatedat
        updated lastmodified lastmodifieddate modified orderdate orderedat purchasedate
        bestelldatum auftragsdatum datum zeitpunkt zeit kaufdatum erstelltam angelegtam
        geaendertam aenderungsdatum datecommande fecha fechapedido fechacreacion data openedat
        opened eroeffnet visitdate visitedat visittime besuchsdatum sentat senddate sent
        versanddatum eventtime eventdate occurredat joined joindate membersince issuedat
        startdate""",
    "subject": "subject betreff summary objet asunto oggetto topic thema issue reason anliegen",
    "event": "event eventname eventtype action activity activitytype aktion ereignis",
    "campaign": "campaign campaignname campaignid kampagne campagne campana mailing newsletter",
    "store": """store storename storeid storeno shop branch filiale filialnummer laden tienda
        magasin""",
    "channel": "channel kanal canal salutechannel",
    "status": "status state2 stand zustand estado statut",
}
PARTS = {name: part for part, names in reversed(SPELLINGS.items()) for name in names.split()}


def plain(column: str) -> str:
    """A column's name without what exports write differently: case, accents, signs."""
    german = column.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return re.sub("[^a-z0-9]", "", anyascii(german).lower())


def part_of(column: str) -> str | None:
    """The part of a record that a column of this name holds."""
    return PARTS.get(plain(column))
